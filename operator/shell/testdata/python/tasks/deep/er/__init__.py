import digdag


def main():
    digdag.env.store(where="deep")
