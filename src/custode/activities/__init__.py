"""What is said and done about anything: comments, their activity types and versions."""
