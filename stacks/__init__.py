"""The example fleet: settings and the stacks that wire them."""
