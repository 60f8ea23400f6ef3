"""The United Kingdom: postcodes lead to the House of Commons."""
