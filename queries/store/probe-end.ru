#+ title: Remove the graph of a probe
#+ description: Nothing is left of it.
DELETE WHERE { GRAPH $graph { ?subject ?property ?value } }
