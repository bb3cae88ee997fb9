"""What a claim is about is taken away, one thing at a time, in a copy of the tree: the tests that claim it must fail (`make morsures`)."""
