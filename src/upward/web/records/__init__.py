"""Records of a plan: what all kinds share, made from the catalogue's specifications."""
