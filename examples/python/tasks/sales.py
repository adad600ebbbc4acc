import csv

import digdag


def read(file):
    """Adds up the amounts of each city."""
    totals = {}
    with open(file) as f:
        for row in csv.DictReader(f):
            totals[row["city"]] = totals.get(row["city"], 0) + int(row["amount"])
    city = max(totals, key=totals.get)
    digdag.env.store({"totals": totals, "largest": {"city": city, "amount": totals[city]}})


class Report(object):
    def __init__(self, totals):
        self.totals = totals

    def run(self, minimum=0):
        for city, amount in sorted(self.totals.items()):
            if amount >= minimum:
                digdag.env.add_subtask(line, city=city, amount=amount)


def line(city, amount):
    print("%-8s %5d" % (city, amount))
