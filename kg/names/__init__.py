"""What the letters of a name tell, alone or in one paper: its normal form, and what short forms stand for."""
