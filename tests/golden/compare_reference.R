# Makes tests/golden/compare_reference.json. Run: Rscript compare_reference.R > compare_reference.json
# Only base R: p.adjust, lm with weights (known variances: cov.unscaled), pnorm, and intervals written out.
options(digits = 17)
number <- function(x) paste0("[", paste(format(x, digits = 17, scientific = TRUE, trim = TRUE), collapse = ", "), "]")
p <- c(0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986)
shuffled <- p[c(7, 3, 25, 1, 14, 2, 20, 5, 11, 9, 4, 6, 8, 10, 12, 13, 15, 16, 17, 18, 19, 21, 22, 23, 24)]
ties <- c(0.05, 0.05, 0.05, 1, 0)
x <- c(2014, 2015, 2016, 2017, 2018, 2019, 2021, 2022, 2023)
y <- c(0.771, 0.779, 0.784, 0.792, 0.788, 0.801, 0.786, 0.803, 0.811)
s <- c(0.011, 0.012, 0.010, 0.013, 0.009, 0.012, 0.014, 0.011, 0.010)
fit <- lm(y ~ x, weights = 1 / s^2)
slope <- unname(coef(fit)[2]); se <- sqrt(summary(fit)$cov.unscaled[2, 2])
d <- 0.668 - 0.842; dse <- sqrt(0.021^2 + 0.012^2); z <- qnorm(0.975)
r <- log(0.145 / 0.075); rse <- sqrt((0.019 / 0.145)^2 + (0.006 / 0.075)^2)
cat("{\n")
cat('"provenance": {"tool": "', R.version.string, '", "date": "2026-11-24", "script": "tests/golden/compare_reference.R"},\n', sep = "")
cat('"p_adjust": {"call": "p.adjust(p, method = \\"BH\\")", "p": ', number(p), ', "adjusted": ', number(p.adjust(p, "BH")), '},\n', sep = "")
cat('"p_adjust_shuffled": {"call": "p.adjust(p, method = \\"BH\\")", "p": ', number(shuffled), ', "adjusted": ', number(p.adjust(shuffled, "BH")), '},\n', sep = "")
cat('"p_adjust_ties": {"call": "p.adjust(p, method = \\"BH\\")", "p": ', number(ties), ', "adjusted": ', number(p.adjust(ties, "BH")), '},\n', sep = "")
cat('"trend": {"call": "lm(y ~ x, weights = 1 / s^2); sqrt(summary(fit)$cov.unscaled[2, 2])", "x": ', number(x), ', "y": ', number(y), ', "s": ', number(s),
    ', "slope": ', number(slope), ', "intercept": ', number(unname(coef(fit)[1])), ', "se": ', number(se), ', "p": ', number(2 * pnorm(-abs(slope / se))), '},\n', sep = "")
cat('"difference": {"call": "2 * pnorm(-abs(d / sqrt(s1^2 + s2^2)))", "a": [0.668, 0.021], "b": [0.842, 0.012], "estimate": ', number(d), ', "se": ', number(dse),
    ', "interval": ', number(d + c(-1, 1) * z * dse), ', "p": ', number(2 * pnorm(-abs(d / dse))), '},\n', sep = "")
cat('"ratio": {"call": "exp(log(a / b) + c(-1, 1) * qnorm(0.975) * sqrt((s1 / a)^2 + (s2 / b)^2))", "a": [0.145, 0.019], "b": [0.075, 0.006], "estimate": ', number(exp(r)), ', "se": ', number(rse),
    ', "interval": ', number(exp(r + c(-1, 1) * z * rse)), ', "p": ', number(2 * pnorm(-abs(r / rse))), '}\n', sep = "")
cat("}\n")
