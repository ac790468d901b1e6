"""Short helpers over the generated clients, for what people do with a mail server in several calls."""
