"""Advice: a language model may propose names and order candidates; its answers are proposals that pass the same proof."""
