"""How other systems meet plans safely."""
