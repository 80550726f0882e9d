"""What people read, print and import."""
