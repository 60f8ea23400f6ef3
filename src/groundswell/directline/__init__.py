"""The organisers' record of what they and those who decide have said to each other."""
