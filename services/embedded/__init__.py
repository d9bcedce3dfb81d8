"""The embedded default: the whole product on one machine, with nothing else to install.

It is for trying Putright out and for developing it: mail goes to a catcher and never to a person.
"""
