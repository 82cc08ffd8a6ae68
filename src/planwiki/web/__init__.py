"""The shell every page and every API call shares: guards, dependencies, rendering, errors."""
