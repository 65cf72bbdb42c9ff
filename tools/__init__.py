"""Programs for those who build, check and test Custode; none of them is installed with it."""
