# Coefficients of a linear model with jackknife replicates: run with Rscript, writes linear_reference.json beside.
# R 4.2.2, survey 4.1-1: svrepdesign(type = "other", scale, rscales, mse), svyglm, confint(method = "Wald").
suppressMessages(library(survey))
file <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
i <- 1:60
d <- data.frame(y = (i * 37) %% 101, x = (i * 7) %% 23, z = (i * i) %% 11, group = i %% 2, w = 1 + (i * 13) %% 17)
reps <- sapply(1:12, function(r) d$w * ifelse((i + r) %% 12 == 0, 0, ifelse((i * r) %% 5 == 0, 1.5, 1)))
lines <- character()
for (mse in c(TRUE, FALSE)) {
  design <- svrepdesign(data = d, weights = ~w, repweights = reps, type = "other", scale = 11 / 12,
                        rscales = rep(1, 12), mse = mse, combined.weights = TRUE)
  for (part in c("all", "1")) {
    used <- if (part == "all") design else subset(design, group == 1)
    model <- svyglm(y ~ x + z, used)
    bounds <- confint(model, method = "Wald")
    for (term in names(coef(model))) {
      lines <- c(lines, sprintf(
        '  {"mse": %s, "part": "%s", "term": "%s", "value": %.15g, "se": %.15g, "lower": %.15g, "upper": %.15g, "df": %d}',
        tolower(mse), part, sub("(Intercept)", "intercept", term, fixed = TRUE), coef(model)[[term]],
        SE(model)[[term]], bounds[term, 1], bounds[term, 2], as.integer(model$df.residual)))
    }
  }
}
tool <- paste0(R.version.string, ", survey ", packageVersion("survey"))
writeLines(c(sprintf('{"tool": "%s", "date": "%s", "call": "svyglm(y ~ x + z)", "rows": [', tool, Sys.Date()),
             paste(lines, collapse = ",\n"), "]}"), file.path(dirname(file), "linear_reference.json"))
