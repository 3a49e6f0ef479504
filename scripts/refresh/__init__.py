"""Makes the tables of cdk_inference/facts again: one module per table, of the same name, with a function `fresh()`."""
