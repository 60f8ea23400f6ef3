"""The voice: leads supporters through calls that Twilio makes. Nobody else is heard."""
