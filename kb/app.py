"""create_app(settings): wires everything, decides nothing."""
