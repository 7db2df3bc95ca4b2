"""People: accounts, sign-in, tokens. What a person may do in a plan is the business of `plans`."""
