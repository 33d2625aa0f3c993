"""What vehicles really drove: positions matched to the streets, and the speeds learned from them."""
