"""Learning standards: metadata, content packages, and assessments (IEEE LOM, IMS Content Packaging, QTI)."""
