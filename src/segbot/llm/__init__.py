"""Language models over HTTP: what is asked and answered, without knowing why. Used only where one is configured."""
