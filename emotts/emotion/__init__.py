"""What a user can ask for: emotions, their intensity, and where they lie in one space."""
