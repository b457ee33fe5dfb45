#+ title: End writing
#+ description: Lays down the pen and forgets what was touched.
DELETE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { ?subject ?property ?value }
} WHERE {
  GRAPH <https://w3id.org/infrashare/graph/engine> { <https://w3id.org/infrashare/graph/engine> <https://w3id.org/infrashare/graph/engine#writer> $writer }
  GRAPH <https://w3id.org/infrashare/graph/engine> { ?subject ?property ?value }
}
