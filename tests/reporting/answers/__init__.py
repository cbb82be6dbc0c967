"""Answers: for each question a sentence made of measured numbers, its figures, and a verdict on what was published."""
