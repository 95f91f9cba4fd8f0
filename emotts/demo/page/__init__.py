"""The app's style sheet."""
