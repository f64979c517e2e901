"""The methods of minimisation, one file each: a function that takes a `Minimisation` to its end."""
