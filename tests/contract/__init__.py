"""What every model of the zoo keeps, on the backend of this process."""
