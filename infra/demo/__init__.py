"""A story to watch: five systems of a furniture maker tell Kartoteka of the same people.

`python -m infra.demo` (`make demo`) plays it on the local cloud and checks its ending, since
here, as nowhere else, it is known who is who. All people and companies are invented; their
addresses end in example.com, example.net and example.org.
"""
