# A module of the user's may have the name of heitan's own file.
import digdag


def main():
    digdag.env.store(mine=True)
