"""The page of today: what a person has to do now, what is late and what comes next."""
