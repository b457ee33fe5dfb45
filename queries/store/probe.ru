#+ title: Make the graph of a probe
#+ description: A few statements to look at.
INSERT {
  GRAPH $graph {
$triples  }
} WHERE {}
