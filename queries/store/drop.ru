#+ title: Empty a graph
#+ description: Does nothing where somebody else writes by now.
DELETE {
  GRAPH $graph { ?subject ?property ?value }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
  GRAPH $graph { ?subject ?property ?value }
}
