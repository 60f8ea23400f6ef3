"""Letters by e-mail: from our own domain, in the sender's name, one message to one office."""
