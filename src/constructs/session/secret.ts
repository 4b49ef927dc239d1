import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { base64 } from './template-functions';
import { and, include, isSet, not, present } from '@dozlab/charts';
import { objectMetadata, secretName, type SessionView } from './metadata';

/** The Secret with the password of VS Code: made when the values hold the password and name no other Secret. */
export class PasswordSecret extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { existingSecret, existingSecretKey, password } = view.codeServer;
    include(this, and(isSet(password), not(isSet(existingSecret))), () => {
      new k8s.KubeSecret(this, 'secret', {
        metadata: objectMetadata(view, secretName(view)),
        type: 'Opaque',
        data: { [existingSecretKey]: base64(present(password)) },
      });
    });
  }
}
