"""Published metrics, computed anew from the records that they were made of."""
