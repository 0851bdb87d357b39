"""Systems that are told also tell: what they say is read, sifted from echoes, and taken in."""
