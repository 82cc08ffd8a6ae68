"""Ways out: how a letter leaves this machine."""
