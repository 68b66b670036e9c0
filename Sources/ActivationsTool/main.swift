print("activations")
