"""What the user gave: typed texts and secrets, words made up, and where they come again."""
