"""The pages of the static site around the place pages: start, browsing, maps, metrics, predictors, data, release."""
