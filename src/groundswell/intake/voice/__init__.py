"""The voice: leads supporters through calls that Twilio makes. It speaks to Twilio and nobody else."""
