#+ title: Remove statements from a graph
#+ description: Does nothing where somebody else writes by now.
DELETE {
  GRAPH $graph {
$triples  }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
}
