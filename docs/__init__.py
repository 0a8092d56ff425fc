"""What is told about the project, and the command that makes its pictures."""
