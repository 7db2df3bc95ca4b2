# Makes tests/golden/insights_reference.json. Run: Rscript insights_reference.R > insights_reference.json
# Only base R (stats): prop.test, binom.test, p.adjust, lm with weights, and formulas written out.
options(digits = 17)
number <- function(x) paste0("[", paste(format(x, digits = 17, scientific = TRUE, trim = TRUE), collapse = ", "), "]")
entry <- function(name, call, ...) {
  parts <- list(...)
  body <- paste0('"', names(parts), '": ', vapply(parts, number, ""), collapse = ", ")
  paste0('"', name, '": {"call": "', call, '", ', body, "}")
}
z <- qnorm(0.975)
# Two proportions: 133 of 200 against 161 of 190, no continuity correction; its interval is that of the two errors.
x <- c(133, 161); n <- c(200, 190); p <- x / n
test <- prop.test(x, n, correct = FALSE)
se <- sqrt(p * (1 - p) / n)
# Uneven bounds (MOVER): 25.9 (23.3 to 32.9) against 38.2 (36.1 to 39.0), 95 % bounds at 1.96 standard errors.
a <- 25.9; la <- 23.3; ua <- 32.9; b <- 38.2; lb <- 36.1; ub <- 39.0
d <- a - b
down <- sqrt((a - la)^2 + (ub - b)^2) / 1.96; up <- sqrt((ua - a)^2 + (b - lb)^2) / 1.96
facing <- if (d > 0) down else up
# Families: two families of p-values, adjusted apart.
pa <- c(0.001, 0.02, 0.03, 0.2, 0.9); pb <- c(0.04, 0.0004, 0.5)
# Seats.
b1 <- binom.test(0, 9, 0.25); b2 <- binom.test(7, 9, 0.35); b3 <- binom.test(1, 5, 0.093); b4 <- binom.test(12, 51, 0.4)
# Method of moments: observed changes and their errors.
ch <- c(0.031, -0.012, 0.052, 0.008, 0.027, -0.033, 0.061, 0.015); er <- c(0.021, 0.018, 0.025, 0.02, 0.019, 0.022, 0.03, 0.017)
tau2 <- max(0, var(ch) - mean(er^2)); calm <- mean(ch) + (ch - mean(ch)) * sqrt(tau2 / (tau2 + er^2))
# Detectable change: 5 %, 80 % power.
det <- (qnorm(0.975) + qnorm(0.8)) * sqrt(0.0173^2 + 0.0173^2)
# Trend of rising errors.
yx <- c(2016, 2018, 2021, 2023); yy <- c(0.512, 0.498, 0.455, 0.401); ys <- c(0.031, 0.035, 0.04, 0.038)
fit <- lm(yy ~ yx, weights = 1 / ys^2)
cat("{\n")
cat('"provenance": {"tool": "', R.version.string, '", "date": "', format(Sys.Date()), '", "script": "tests/golden/insights_reference.R"},\n', sep = "")
cat(paste(c(
  entry("prop_test", "prop.test(x, n, correct = FALSE)$conf.int", first = c(p[1], se[1]), second = c(p[2], se[2]), interval = as.numeric(test$conf.int)),
  entry("uneven", "d + c(-1, 1) * qnorm(0.975) * c(down, up); 2 * pnorm(-abs(d / facing))", first = c(a, la, ua), second = c(b, lb, ub), estimate = d, interval = c(d - z * down, d + z * up), p = 2 * pnorm(-abs(d / facing))),
  entry("families", "p.adjust(p, method = 'BH') for each family", first = pa, second = pb, first_adjusted = p.adjust(pa, "BH"), second_adjusted = p.adjust(pb, "BH")),
  entry("seats", "binom.test(held, seats, share)$p.value", held = c(0, 7, 1, 12), seats = c(9, 9, 5, 51), share = c(0.25, 0.35, 0.093, 0.4), p = c(b1$p.value, b2$p.value, b3$p.value, b4$p.value), low = qbinom(0.025, c(9, 9, 5, 51), c(0.25, 0.35, 0.093, 0.4)), high = qbinom(0.975, c(9, 9, 5, 51), c(0.25, 0.35, 0.093, 0.4))),
  entry("moments", "max(0, var(ch) - mean(er^2))", changes = ch, errors = er, spread = sqrt(tau2), calm = calm),
  entry("detectable", "(qnorm(0.975) + qnorm(0.8)) * sqrt(s1^2 + s2^2)", errors = c(0.0173, 0.0173), change = det),
  entry("trend", "lm(y ~ x, weights = 1 / s^2); sqrt(summary(fit)$cov.unscaled[2, 2])", x = yx, y = yy, s = ys, slope = unname(coef(fit)[2]), se = sqrt(summary(fit)$cov.unscaled[2, 2]))
), collapse = ",\n"), "\n}\n")
