/**
 * Names of inputs and outputs of the graphs of losses and features, by layer, or by the name of a style term. F are a layer's activations, w the
 * weights of its positions, G, μ and Σ its Gram matrix, mean and covariance; c marks the content's and s the style's.
 */
export const names = {
  image: 'image',
  gradient: 'gradient',
  /**
   * Output: the squared errors of all terms in their order, content first: Σ w·(F − Fc)², and Σ(G − Gs)², or with
   * moments two numbers, Σ(μ − μs)² and Σ(Σ − Σs)².
   */
  squaredErrors: 'squared errors',
  /** Input: the content's activations Fc, [1, C, h, w]. */
  contentTarget: (layer: string) => `content target ${layer}`,
  /** Input: the weights w of a content layer's positions, [1, 1, h, w], with a sum of 1; only for layers with a map. */
  contentMap: (layer: string) => `content map ${layer}`,
  /** Input: the scalar `scale` of a content layer's gradient, ∂loss/∂F = scale · w · (F − Fc). */
  contentScale: (layer: string) => `content scale ${layer}`,
  /** Input: the style's Gram matrix Gs or covariance Σs, [C, C]. */
  styleTarget: (layer: string) => `style target ${layer}`,
  /** Input: the style's mean μs, [C, 1]; only for layers compared by their moments. */
  styleMeanTarget: (layer: string) => `style mean target ${layer}`,
  /** Input: the weights w of a style layer's positions, [1, 1, h, w], with a sum of 1; only for layers with a map. */
  styleMap: (layer: string) => `style map ${layer}`,
  /**
   * Input: the scalar in ∂loss/∂F = scale · (G − Gs) · F; with a map, columns also times w; for Σ, F − μ replaces F.
   */
  styleScale: (layer: string) => `style scale ${layer}`,
  /** Input: the scalar in the mean's ∂loss/∂F = scale · (μ − μs), in every column, which a map also multiplies by w. */
  styleMeanScale: (layer: string) => `style mean scale ${layer}`,
  /** Input: the matrix A of a layer's known gradient w·(A·f + b), [C, C]. */
  styleMatrix: (layer: string) => `style matrix ${layer}`,
  /** Input: the vector b of a layer's known gradient, [C, 1]. */
  styleVector: (layer: string) => `style vector ${layer}`,
  /** Input: the gradient, with respect to a layer's activations, of what lies behind it, [1, C, h, w]. */
  gradientBehind: (layer: string) => `gradient behind ${layer}`,
  /** Input: 1 / (h · w) of the layer, a scalar; only for layers without a map. */
  inverseArea: (layer: string) => `inverse area ${layer}`,
  activations: (layer: string) => `activations ${layer}`,
  gram: (layer: string) => `gram ${layer}`,
  mean: (layer: string) => `mean ${layer}`,
  covariance: (layer: string) => `covariance ${layer}`,
};
