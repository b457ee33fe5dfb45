"""Templates: a complete example of each class to begin with."""

import argparse
import sys

from cli.arguments import DONE
from graph.contribute.tables.cells import Cells
from graph.contribute.tables.metadata import Tables
from graph.contribute.tables.template import csv_template, turtle_template


def template(options: argparse.Namespace) -> int:
    """Print the template of a class, or the list of classes."""
    tables = Tables()
    if options.list or options.name is None:
        width = max(len(table.name) for table in tables.all())
        for table in tables.all():
            required = ", ".join(column.name for column in table.columns if column.required)
            print(f"{table.name:{width}}  {len(table.columns)} columns, required: {required}")
        return DONE
    table = tables[options.name]
    if options.format == "csv":
        sys.stdout.write(csv_template(table, options.lang))
    else:
        sys.stdout.write(turtle_template(table, Cells()))
    return DONE
