"""Papers: draft reports checked before they are printed, and the register of what was printed in them."""
