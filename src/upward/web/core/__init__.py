"""What every page of the workbench stands on: layout, components, forms, history, refusals."""
