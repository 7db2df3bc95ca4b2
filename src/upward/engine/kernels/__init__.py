"""Compiled loops over records and weights: the only module that knows numba.

Vocabulary, the same in every function:

- `R` weights a record, the full one first. For the survey that matters most (80 replicates) it is a constant
  for
  the compiler, which then makes good vectors of the loops over weights; 0 stands for “as many as there are”.
  `weights` is records × R, row-major, in whatever whole or floating type the file needs.
- a *partition* is a run of records (a PUMA); `bounds[p] … bounds[p + 1]` are its positions in `index`, or in
  the records themselves where `index` is empty.
- a *cell* is a combination of categories; `rows[cell, d]` is the row of grouping `d` that it belongs to, or
  −1.
- `flags[i]` has one bit for each yes/no that the estimates ask of record i.
- a *mix* is an area as partitions with factors: positions `mix_at[g] … mix_at[g + 1]` of `mix_part`,
  `mix_factor`.
- `design` is (scale, centred on the estimate 1 or 0); `rscales` one factor for each replicate.

Each has a plain twin in `reference.py`; the conformance suite holds them to it.
"""

from __future__ import annotations

#: Numbers of weights that the kernels are compiled for; any other is read from the arrays.
CONSTANT = (81,)


def lanes(weights: int) -> int:
    """Return the constant that kernels are made with for so many weights a record: 0 for “read it”."""
    return weights if weights in CONSTANT else 0
